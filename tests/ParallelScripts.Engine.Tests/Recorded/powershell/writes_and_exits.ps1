Write-Error 'no rows in survey.csv'
exit 3
