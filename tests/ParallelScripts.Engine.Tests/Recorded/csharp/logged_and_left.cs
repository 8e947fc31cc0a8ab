try
{
    throw new InvalidOperationException("logged");
}
catch (InvalidOperationException error)
{
    Console.Error.WriteLine(error);
    return 3;
}

return 0;
