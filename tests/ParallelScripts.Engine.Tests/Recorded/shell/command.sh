echo begins
frobnicate --all
