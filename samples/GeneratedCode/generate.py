"""Writes a C# class with a constant for each row of a table: generate.py TABLE.csv CLASS.cs"""

import csv
import sys

table, source = sys.argv[1:]
with open(table, newline="", encoding="utf-8") as rows:
    units = list(csv.DictReader(rows))

with open(source, "w", encoding="utf-8", newline="\n") as out:
    out.write(f"// Made of {table} by generate.py; edit the table.\n\n")
    out.write("/// <summary>Units of length, in metres.</summary>\npublic static class Units\n{\n")
    for unit in units:
        out.write(f"    public const double {unit['name']} = {unit['metres']};\n")
    out.write("\n    public static readonly (string Name, double Metres)[] All =\n    [\n")
    for unit in units:
        out.write(f"        (nameof({unit['name']}), {unit['name']}),\n")
    out.write("    ];\n}\n")

print(f"{len(units)} units")
