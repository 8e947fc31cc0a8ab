Main2([3]);

static void Main2(int[] rows) => Fit(rows);

static void Fit(int[] rows)
{
    throw new InvalidOperationException("no price\nin 'survey.csv'");
}
