Get-Content survey.csv
Write-Error 'a mistake'
Write-Warning 'rows are missing'
'went on'
