namespace ParallelScripts.Package.Tests;

public sealed class Needs(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Declared_on_items_reach_the_run()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsMaxDegreeOfParallelism>2</ScriptsMaxDegreeOfParallelism>
                <ScriptsMinFreeMemory>1%</ScriptsMinFreeMemory>
              </PropertyGroup>
              <ItemGroup>
                <ScriptPool Include="one" />
                <ScriptItem Include="a" Command="mkdir taken &amp;&amp; rmdir taken" Pool="one" Memory="1MB" />
                <ScriptItem Include="b" Command="mkdir taken &amp;&amp; rmdir taken" Pool="one" Priority="-1" />
                <ScriptItem Include="c" Command="mkdir taken &amp;&amp; rmdir taken" Cores="$(Wide)" Pool="$(In)" />
              </ItemGroup>
            """);

        (await project.RunAnalysesAsync("-p:Wide=2", "-p:In=one")).Succeeded();

        Assert.Equal(
            [
                "work.proj(11,5): PSCR1034: Script 'c' needs 3 slots, and there are 2: it could never start. Lower its Cores, or raise ScriptsMaxDegreeOfParallelism.",
                "work.proj(11,5): PSCR1032: Script 'c' needs a place in pool 'onee', but no ScriptPool has that name. Did you mean 'one'?",
            ],
            (await project.RunAnalysesAsync("-p:Wide=3", "-p:In=onee")).Failed().Errors);
    }
}
