set -u
fit() {
  echo "$ROWS"
}
fit
