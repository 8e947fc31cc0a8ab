frobnicate
echo went on
