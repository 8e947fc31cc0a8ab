$ErrorActionPreference = 'Stop'
Get-Content survey.csv
