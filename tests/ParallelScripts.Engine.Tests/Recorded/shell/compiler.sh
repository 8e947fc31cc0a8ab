echo "fit.c:3:5: error: 'rows' undeclared (first use in this function)"
echo "fit.c:9:1: warning: unused variable 'x' [-Wunused-variable]"
echo "fit.c(12,7): error C2065: 'price': undeclared identifier"
echo "fit.c(14): warning C4101: 'x': unreferenced local variable"
exit 2
