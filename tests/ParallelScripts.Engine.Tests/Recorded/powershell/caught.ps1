try { throw 'caught' } catch { $_ | Out-String | Write-Host }
'went on'
