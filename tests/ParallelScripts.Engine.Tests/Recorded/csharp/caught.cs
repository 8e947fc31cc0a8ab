try
{
    throw new InvalidOperationException("caught");
}
catch (InvalidOperationException error)
{
    Console.Error.WriteLine(error);
}
