$ErrorActionPreference = 'Stop'
[int]::Parse('three')
