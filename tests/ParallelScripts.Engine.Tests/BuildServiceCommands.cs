namespace ParallelScripts.Tests;

public sealed class BuildServiceCommands
{
    [Theory]
    [InlineData("GITHUB_ACTIONS", "true", "GitHubActions")]
    [InlineData("TF_BUILD", "True", "AzurePipelines")]
    [InlineData("TF_BUILD", "", "None")]
    [InlineData("CI", "true", "None")]
    public void Are_those_of_the_service_that_runs_the_build(string variable, string value, string service) =>
        Assert.Equal(service, BuildServices.Of(name => name == variable ? value : null).ToString());

    [Theory]
    [InlineData("[a] ##[set-output name=x]y", "[a] ## [set-output name=x]y")]
    [InlineData("[a] ::set-output name=x::y", "[a] ::set-output name=x::y")]
    [InlineData("first\n  ::stop-commands::x\n::error::y", "first\n  : :stop-commands::x\n: :error::y")]
    [InlineData("std::vector, a # b, #[x]", "std::vector, a # b, #[x]")]
    public void On_GitHub_are_not_in_what_is_printed(string text, string shown) => Assert.Equal(shown, BuildService.GitHubActions.WithoutCommands(text));

    [Theory]
    [InlineData("[a] ##vso[task.setvariable variable=x]y", "[a] ## vso[task.setvariable variable=x]y")]
    [InlineData("##[group]x", "## [group]x")]
    [InlineData("::group::x", "::group::x")]
    public void On_Azure_are_not_in_what_is_printed(string text, string shown) => Assert.Equal(shown, BuildService.AzurePipelines.WithoutCommands(text));

    [Fact]
    public void Elsewhere_are_none() => Assert.Equal("##[x] ##vso[x] ::x::", BuildService.None.WithoutCommands("##[x] ##vso[x] ::x::"));

    [Fact]
    public void Name_a_group_as_the_script_is_named()
    {
        Assert.Equal("::group::100%25 a\tb", BuildService.GitHubActions.BeginGroup("100% a\tb\n"));
        Assert.Equal("##[group]100% a", BuildService.AzurePipelines.BeginGroup("100% a"));
        Assert.Null(BuildService.None.BeginGroup("a"));
    }
}
