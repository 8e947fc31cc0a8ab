using static ParallelScripts.Tests.FindingImportsFiles;

namespace ParallelScripts.Tests;

/// <summary>What is read out of texts in R, JavaScript, PowerShell, Julia, Ruby, Perl and single-file C#, and which files are meant.</summary>
public sealed class FindingImportsInOtherLanguages : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("source(\"x.R\")", "working x.R")]
    [InlineData("source('R/x.R', local = TRUE)", "working R/x.R")]
    [InlineData("source(file = \"x.R\")", "working x.R")]
    [InlineData("source(local = f(1, 2), file = 'x.R')", "working x.R")]
    [InlineData("source(\n  \"./x.R\",  # why\n  chdir = TRUE\n)", "working x.R")]
    [InlineData("sys.source(\"x.R\", envir = e)", "working x.R")]
    [InlineData("base::source(\"x.R\")", "working x.R")]
    [InlineData("Rcpp::sourceCpp(\"x.cpp\")", "working x.cpp")]
    [InlineData("source(here::here(\"lib\", \"x.R\"))", "project lib/x.R")]
    [InlineData("source(here('lib/x.R'))", "project lib/x.R")]
    [InlineData("source(file.path(\"lib\", \"x.R\"), echo = FALSE)", "working lib/x.R")]
    [InlineData("source(file.path(here::here(), \"lib\", \"x.R\"))", "project lib/x.R")]
    [InlineData("source(file.path(here('lib'), 'x.R'))", "project lib/x.R")]
    [InlineData("if (!exists(\"f\")) source(\"lib\\\\x.R\")", "working lib\\x.R")]
    [InlineData("# source(\"x.R\")", "")]
    [InlineData("x <- 1 # source(\"x.R\")", "")]
    [InlineData("x <- \"\nsource('x.R')\n\"", "")]
    [InlineData("x <- r\"---(say \"source('x.R')\")---\"", "")]
    [InlineData("`source('x.R')` <- 1", "")]
    [InlineData("source(path)", "")]
    [InlineData("source(paste0(dir, \"x.R\"))", "")]
    [InlineData("source(file.path(dir, \"x.R\"))", "")]
    [InlineData("source(\"https://example.org/x.R\")", "")]
    [InlineData("resource(\"x.R\")", "")]
    [InlineData("source", "")]
    [InlineData("source(", "")]
    [InlineData("r <- 'it\\'s'; source(\"x.R\")", "working x.R")]
    public void R_sources_files(string text, string expected) => Assert.Equal(expected, Scan(".R", text));

    [Theory]
    [InlineData("import x from \"./x.js\"", "./x.js")]
    [InlineData("import { a, b as c } from './x.js';", "./x.js")]
    [InlineData("import * as x from './x.js' with { type: 'json' }", "./x.js")]
    [InlineData("import a, {\n  b, // why\n} from '../x.mjs'", "../x.mjs")]
    [InlineData("import './x.js'", "./x.js")]
    [InlineData("export * from './x.js'", "./x.js")]
    [InlineData("export { a } from './x.js'", "./x.js")]
    [InlineData("const x = await import(\"./x.mjs\")", "./x.mjs")]
    [InlineData("import(/* later */ `./x.js`)", "./x.js")]
    [InlineData("import './x.js?again=1'", "./x.js")]
    [InlineData("const x = require('./x'), y = require(\"..\")", "./x | ..")]
    [InlineData("f({ ...require('./x') })", "./x")]
    [InlineData("s = `a ${require('./x').y} b`", "./x")]
    [InlineData("const r = /[/'\"`]/g; require('./x')", "./x")]
    [InlineData("const r = a / b; require('./x') / 2", "./x")]
    [InlineData("s = 'never closed\nrequire('./x')", "./x")]
    [InlineData("// import './x.js'", "")]
    [InlineData("/* import './x.js' */", "")]
    [InlineData("/**\n * @type {import('./x').Y}\n */", "")]
    [InlineData("s = \"import './x.js'\"", "")]
    [InlineData("s = `\nimport './x.js'\n`", "")]
    [InlineData("import fs from 'node:fs'; require('lodash')", "")]
    [InlineData("import x from '/abs/x.js'", "")]
    [InlineData("require('./' + name); import(`./${name}.js`)", "")]
    [InlineData("Array.from('./x'); loader.import('./x'); x = { from: './x' }", "")]
    [InlineData("import.meta.url", "")]
    public void JavaScript_imports_paths(string text, string expected) => Assert.Equal(expected, Scan(".mjs", text));

    [Theory]
    [InlineData("./a.js", "/s/a.js")]
    [InlineData("./a", "/s/a.js")]
    [InlineData("./data", "/s/data.json")]
    [InlineData("./lib", "/s/lib/index.js")]
    [InlineData("./lib/", "/s/lib/index.js")]
    [InlineData("./lib/..", "")]
    [InlineData("./x.config", "/s/x.config.cjs")]
    [InlineData("../up.mjs", "/up.mjs")]
    [InlineData("./gone.js", "")]
    public void JavaScript_adds_what_Node_adds(string path, string expected) =>
        Assert.Equal(expected, Modules($"""
            /s/main.js: require('{path}')
            /s/a.js:
            /s/data.json:
            /s/lib/index.js:
            /s/x.config.cjs:
            /up.mjs:
            """));

    [Theory]
    [InlineData(". ./x.ps1", "working x.ps1")]
    [InlineData(". .\\lib\\x.ps1", "working lib/x.ps1")]
    [InlineData(". $PSScriptRoot/x.ps1", "beside x.ps1")]
    [InlineData(". \"$PSScriptRoot\\lib\\x.ps1\" -Debug", "beside lib/x.ps1")]
    [InlineData(". \"${PSScriptRoot}/my x.ps1\"", "beside my x.ps1")]
    [InlineData(". '/opt/x.ps1'", "working /opt/x.ps1")]
    [InlineData(". (Join-Path $PSScriptRoot 'x.ps1')", "beside x.ps1")]
    [InlineData(". (Join-Path (Join-Path $PSScriptRoot lib) x.ps1)", "beside lib/x.ps1")]
    [InlineData(". (Join-Path -Path $PSScriptRoot -ChildPath \"..\\x.ps1\" -Resolve)", "beside ../x.ps1")]
    [InlineData("if ($a) { . ./x.ps1 }; $b = (. ./y.ps1)", "working x.ps1 | working y.ps1")]
    [InlineData("Import-Module ./x.psm1 -Force", "working x.psm1")]
    [InlineData("import-module -Force -Name \"$psscriptroot/x.psm1\"", "beside x.psm1")]
    [InlineData("Import-Module `\n  ./x.psm1, ./y", "working x.psm1 | working y")]
    [InlineData("using module ./x.psm1", "beside x.psm1")]
    [InlineData("using module .\\x.psm1 # why", "beside x.psm1")]
    [InlineData("# . ./x.ps1", "")]
    [InlineData("<#\n. ./x.ps1\n#>", "")]
    [InlineData("$a = '. ./x.ps1'", "")]
    [InlineData("$a = @\"\n. ./x.ps1\n\"@", "")]
    [InlineData("$a = @'\n. ./x.ps1\n'@", "")]
    [InlineData("echo . ./x.ps1", "")]
    [InlineData("Get-Help Import-Module ./x.psm1", "")]
    [InlineData(". $lib/x.ps1", "")]
    [InlineData(". \"$PSScriptRoot/$name.ps1\"", "")]
    [InlineData(". (Join-Path $lib 'x.ps1')", "")]
    [InlineData("Import-Module Pester; using module Az; using namespace System.Text", "")]
    public void PowerShell_sources_files_and_imports_modules(string text, string expected) => Assert.Equal(expected, Scan(".ps1", text));

    [Theory]
    [InlineData("Import-Module $PSScriptRoot/One", "/s/One.psm1")]
    [InlineData("Import-Module $PSScriptRoot/Two", "/s/Two/Two.psd1 /s/Two/Two.psm1")]
    [InlineData("using module ./Two/Two.psd1", "/s/Two/Two.psd1 /s/Two/Two.psm1")]
    [InlineData(". ./a.ps1", "/s/a.ps1 /w/a.ps1")]
    public void PowerShell_finds_a_module_by_its_name_or_its_folder(string text, string expected) =>
        Assert.Equal(expected, Modules($"""
            /s/main.ps1: {text}
            /s/a.ps1:
            /w/a.ps1:
            /s/One.psm1:
            /s/Two/Two.psd1:
            /s/Two/Two.psm1:
            """));

    [Theory]
    [InlineData("include(\"x.jl\")", "beside x.jl")]
    [InlineData("include(joinpath(@__DIR__, \"..\", \"x.jl\"))", "beside ../x.jl")]
    [InlineData("include(joinpath(\"lib\", \"x.jl\"))", "beside lib/x.jl")]
    [InlineData("include(joinpath(dirname(@__FILE__), \"x.jl\"))", "beside x.jl")]
    [InlineData("include(\"$(@__DIR__)/x.jl\")", "beside x.jl")]
    [InlineData("Base.include(@__MODULE__, \"x.jl\"); includet(\"y.jl\")", "beside x.jl | beside y.jl")]
    [InlineData("c = '\"'; B = A'; include(\"x.jl\")", "beside x.jl")]
    [InlineData("# include(\"x.jl\")", "")]
    [InlineData("#= a #= b =# include(\"x.jl\") =#", "")]
    [InlineData("\"\"\"\n    include(\"x.jl\")\n\"\"\"\nf() = 1", "")]
    [InlineData("s = \"include('x.jl')\"", "")]
    [InlineData("include(path); include(\"$name.jl\"); include(joinpath(dir, \"x.jl\"))", "")]
    [InlineData("include_string(m, \"x.jl\"); f.included(\"x.jl\")", "")]
    public void Julia_includes_files(string text, string expected) => Assert.Equal(expected, Scan(".jl", text));

    [Theory]
    [InlineData("require_relative \"x\"", "beside x.rb")]
    [InlineData("require_relative('../lib/x.rb')", "beside ../lib/x.rb")]
    [InlineData("require_relative 'a' unless x", "beside a.rb")]
    [InlineData("require './x'", "working x.rb")]
    [InlineData("require \"#{__dir__}/x\"", "beside x.rb")]
    [InlineData("load 'x.rb'", "working x.rb")]
    [InlineData("x = \"#{a}\" # it's\nrequire_relative 'x'", "beside x.rb")]
    [InlineData("x << 1\nrequire_relative 'x'", "beside x.rb")]
    [InlineData("# require_relative 'x'", "")]
    [InlineData("=begin\nrequire_relative 'x'\n=end", "")]
    [InlineData("puts <<~TEXT\n  require_relative 'x'\n  TEXT", "")]
    [InlineData("puts \"require_relative 'x'\"", "")]
    [InlineData("__END__\nrequire_relative 'x'", "")]
    [InlineData("require 'json'; YAML.load 'x'", "")]
    [InlineData("require_relative name; require_relative \"#{name}\"; require_relative 'x' + name", "")]
    public void Ruby_requires_relatives(string text, string expected) => Assert.Equal(expected, Scan(".rb", text));

    [Theory]
    [InlineData("require \"./x.pl\";", "working x.pl")]
    [InlineData("require('./x.pl');", "working x.pl")]
    [InlineData("my $c = do './x.pl' or die;", "working x.pl")]
    [InlineData("require \"$FindBin::Bin/lib/x.pl\";", "script lib/x.pl")]
    [InlineData("my $n = $#list; do './x.pl';", "working x.pl")]
    [InlineData("# require './x.pl';", "")]
    [InlineData("=pod\n\nrequire './x.pl';\n\n=cut", "")]
    [InlineData("print <<\"EOT\";\nrequire './x.pl';\nEOT", "")]
    [InlineData("print \"do './x.pl'\";", "")]
    [InlineData("1;\n__END__\nrequire './x.pl';", "")]
    [InlineData("require Foo::Bar; use strict; do { 1 };", "")]
    [InlineData("require \"$dir/x.pl\"; $o->do('x.pl'); require './x' . '.pl';", "")]
    public void Perl_requires_and_does_files(string text, string expected) => Assert.Equal(expected, Scan(".pl", text));

    [Theory]
    [InlineData("#:include x.cs", "include x.cs")]
    [InlineData("#!/usr/bin/env dotnet\n// why\n#:package A@1.0\n#:include sub\\*.cs\n#:project ../Lib\nusing System;", "include sub/*.cs | project ../Lib")]
    [InlineData("#:include a.cs;b.cs\r\n", "include a.cs | include b.cs")]
    [InlineData("/*\n#:include x.cs\n*/", "")]
    [InlineData("// #:include x.cs", "")]
    [InlineData("using System;\n#:include x.cs", "")]
    [InlineData("#:include $(Shared)/x.cs", "")]
    public void CSharp_includes_by_directives_at_the_top(string text, string expected) => Assert.Equal(expected, Scan(".cs", text));

    [Fact]
    public void CSharp_follows_patterns_and_projects()
    {
        var main = _folder.Write("main.cs", "#:include parts/**/*.cs\n#:include one.cs\n#:project Lib\n");
        _folder.Write("parts/a.cs", "#:include ../two.cs\n");
        _folder.Write("parts/deep/b.cs", "");
        _folder.Write("parts/notes.txt", "");
        _folder.Write("one.cs", "#:project Other/Other.csproj\n");
        _folder.Write("two.cs", "#:include main.cs\n");
        _folder.Write("Lib/Lib.csproj", "");
        _folder.Write("Lib/Lib.cs", "");
        _folder.Write("Other/Other.csproj", "");

        var modules = LocalModules.Of(main, [_folder.Path], File.Exists, file => ImportScanner.Scan(Path.GetExtension(file), File.ReadAllText(file)));

        Assert.Equal(
            "Lib/Lib.csproj Other/Other.csproj one.cs parts/a.cs parts/deep/b.cs two.cs",
            string.Join(' ', modules.Select(module => Path.GetRelativePath(_folder.Path, module))));
    }

    [Theory]
    [InlineData("#!/usr/bin/env python3\nimport a", ".py import a")]
    [InlineData("#!/usr/bin/python3.12\nimport a", ".py import a")]
    [InlineData("#!/usr/bin/env -S uv run --script\nimport a", ".py import a")]
    [InlineData("#!/usr/bin/env Rscript\nsource('x.R')", ".R working x.R")]
    [InlineData("#!/bin/sh -e\n. ./x", ".sh working x")]
    [InlineData("#!/usr/bin/env node\nrequire('./x')", ".js ./x")]
    [InlineData("#!/usr/bin/env dotnet\n#:include x.cs", ".cs include x.cs")]
    [InlineData("#!/usr/bin/awk -f\n. ./x", "")]
    [InlineData("#!\n. ./x", "")]
    [InlineData(". ./x", ".sh working x")]
    [InlineData("\u007fELF\0\0\n. ./x", "")]
    [InlineData("", "")]
    public void A_file_without_an_extension_is_known_by_its_first_line(string text, string expected) => Assert.Equal(expected, Scan("", text));

    [Theory]
    [InlineData(".json")]
    [InlineData(".csv")]
    [InlineData(".exe")]
    public void Nothing_is_read_out_of_other_files(string extension) => Assert.Equal("", Scan(extension, "import a\n. b\nrequire('./c')"));

    [Theory]
    [InlineData(".PY", "import a", "import a")]
    [InlineData(".r", "source('a')", "working a")]
    public void The_case_of_an_extension_does_not_matter(string extension, string text, string expected) => Assert.Equal(expected, Scan(extension, text));

    [Theory]
    [InlineData("source('x.R')", "/s/x.R /w/x.R")]
    [InlineData("source(here::here('lib', 'y.R'))", "/w/lib/y.R")]
    [InlineData("source(here::here('top.R'))", "/top.R")]
    [InlineData("source('gone.R')", "")]
    public void R_looks_in_the_working_directory_and_beside_the_script(string text, string expected) =>
        Assert.Equal(expected, Modules($"""
            /s/main.R: {text}
            /s/x.R:
            /w/x.R:
            /w/lib/y.R:
            /lib/y.R:
            /top.R:
            """));
}
