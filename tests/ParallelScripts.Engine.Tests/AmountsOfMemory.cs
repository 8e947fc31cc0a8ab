namespace ParallelScripts.Tests;

public sealed class AmountsOfMemory
{
    [Theory]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("512MB", 512_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData(" 64 kib ", 65_536)]
    [InlineData("0B", 0)]
    [InlineData("1tb", 1_000_000_000_000)]
    public void Are_read(string text, long bytes)
    {
        Assert.True(SizeText.TryRead(text, out var read, out _));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("", "it is not a number and a unit")]
    [InlineData("lots", "it is not a number and a unit")]
    [InlineData("2", "it has no unit")]
    [InlineData("2G", "it is not a number and a unit")]
    [InlineData("-2GB", "it is negative")]
    [InlineData("2,5GB", "it is not a number and a unit")]
    [InlineData("900000000000000000PB", "it is more than any machine has")]
    public void Are_not_guessed(string text, string wrong)
    {
        Assert.False(SizeText.TryRead(text, out _, out var said));
        Assert.Equal(wrong, said);
    }

    [Theory]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("10%", 1_600_000_000)]
    [InlineData("2.5 %", 400_000_000)]
    public void May_be_a_share_where_memory_has_to_be_free(string text, long bytes)
    {
        Assert.True(MinFreeMemory.TryRead(text, out var free));
        Assert.Equal(bytes, free!.Of(16_000_000_000));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("0", true)]
    [InlineData("0%", true)]
    [InlineData("0MB", true)]
    [InlineData("100%", false)]
    [InlineData("-1%", false)]
    [InlineData("5", false)]
    public void None_has_to_be_free_or_it_is_a_mistake(string text, bool read)
    {
        Assert.Equal(read, MinFreeMemory.TryRead(text, out var free));
        Assert.Null(free);
    }
}
