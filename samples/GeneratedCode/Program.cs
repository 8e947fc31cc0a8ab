using System;

foreach (var (name, metres) in Units.All)
{
    Console.WriteLine(FormattableString.Invariant($"1 {name} = {metres} m"));
}
