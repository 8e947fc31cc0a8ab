function Get-Model { throw [System.InvalidOperationException]::new("no model`nin two lines") }
