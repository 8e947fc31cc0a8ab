using static ParallelScripts.Tests.FindingImportsFiles;

namespace ParallelScripts.Tests;

/// <summary>From a script to all that it pulls in, over several files.</summary>
public sealed class FindingImportsOfImports
{
    [Fact]
    public void Goes_on_from_module_to_module() =>
        Assert.Equal("/s/a.py /s/b.py /s/c.py", Modules("""
            /s/main.py: import c
            /s/c.py: import b
            /s/b.py: import a
            /s/a.py: import json
            /s/unused.py: import a
            """));

    [Fact]
    public void Takes_each_file_once_in_ordinal_order() =>
        Assert.Equal("/s/B.py /s/a.py /s/left.py /s/right.py", Modules("""
            /s/main.py: import right, left
            /s/left.py: import a, B
            /s/right.py: import B, a
            /s/a.py:
            /s/B.py:
            """));

    [Fact]
    public void Ends_where_modules_import_each_other_and_the_script() =>
        Assert.Equal("/s/a.py /s/b.py", Modules("""
            /s/main.py: import a
            /s/a.py: import b, a
            /s/b.py: import a, main
            """));

    [Fact]
    public void Follows_each_language_by_its_own_rules() =>
        Assert.Equal("/s/lib/a.sh /s/lib/b.sh /s/lib/c", Modules("""
            /s/main: #!/bin/bash\nsource "${BASH_SOURCE%/*}/lib/a.sh"
            /s/lib/a.sh: source "${BASH_SOURCE%/*}/b.sh"
            /s/lib/b.sh: source "$(dirname "$BASH_SOURCE")/c"
            /s/lib/c: . ../main
            """));

    [Fact]
    public void Reads_each_file_once_and_asks_for_the_same_import_once()
    {
        var read = new List<string>();
        var asked = new List<string>();

        var modules = LocalModules.Of("/s/main.py", ["/s"], IsThere, Imports);

        Assert.Equal(["/s/a.py", "/s/b.py"], modules);
        Assert.Equal(["/s/a.py", "/s/b.py", "/s/main.py"], read.Order());
        Assert.Equal(asked.Distinct(), asked);

        bool IsThere(string file)
        {
            asked.Add(file);
            return file is "/s/a.py" or "/s/b.py";
        }

        IReadOnlyList<string> Imports(string file)
        {
            read.Add(file);
            return ["import a", "import b", "import os"];
        }
    }

    [Fact]
    public void Manages_a_chain_of_ten_thousand() =>
        Assert.Equal(10_000, LocalModules.Of("/s/m0.py", ["/s"], file => file.EndsWith(".py", StringComparison.Ordinal) && !file.EndsWith("__init__.py", StringComparison.Ordinal), Next).Count);

    [Theory]
    [InlineData(".sh", ". ", "$(")]
    [InlineData(".sh", ". ", "${a:-")]
    [InlineData(".sh", ". ", "\"`")]
    [InlineData(".sh", ". ", "((")]
    [InlineData(".js", "import ", "`${")]
    [InlineData(".js", "import ", "/[")]
    [InlineData(".jl", "include ", "#=")]
    [InlineData(".R", "source(", "here(")]
    [InlineData(".R", "", "source(file.path(")]
    [InlineData(".ps1", ". $x.ps1; . ", "(Join-Path ")]
    [InlineData(".py", "", "yield from a.")]
    [InlineData(".rb", "require ", "<<A\n")]
    public void Survives_what_nobody_writes(string extension, string start, string again) =>
        Assert.Equal("", Scan(extension, start + string.Concat(Enumerable.Repeat(again, 20_000))));

    private static IReadOnlyList<string> Next(string file)
    {
        var number = int.Parse(Path.GetFileNameWithoutExtension(file)[1..], System.Globalization.CultureInfo.InvariantCulture);
        return number < 10_000 ? [$"import m{number + 1}"] : [];
    }
}
