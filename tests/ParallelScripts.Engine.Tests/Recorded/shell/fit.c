int rows;
