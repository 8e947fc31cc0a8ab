$ErrorActionPreference = 'Stop'
frobnicate -All
