echo "one
