try
{
    Prices.Load("three");
}
catch (FormatException wrong)
{
    throw new InvalidOperationException("no price in 'survey.csv'", wrong);
}

static class Prices
{
    public static int Load(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
