set -e
echo begins
frobnicate --all
