: "${ROWS:?say how many}"
