Console.WriteLine(rows);
int x = "three";
