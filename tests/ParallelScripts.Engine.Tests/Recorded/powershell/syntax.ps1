function f {
    if ($true) {
