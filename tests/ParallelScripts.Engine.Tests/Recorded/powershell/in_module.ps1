Import-Module ./module.psm1
Get-Model
