set -u
echo "$ROWS"
