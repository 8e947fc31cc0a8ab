function Get-Price($Row) {
    if (-not $Row.Price) { throw "no price in '$($Row.Name)'" }
}
Get-Price @{ Name = 'tea' }
