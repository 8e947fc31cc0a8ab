set -e
python3 ../python/exception.py
echo never
