function f() {
  const rows = [1, 2;
}
