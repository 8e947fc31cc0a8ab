await Fetch();

static async Task Fetch()
{
    await Task.Yield();
    throw new TimeoutException("survey does not answer");
}
