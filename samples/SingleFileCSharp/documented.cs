// Which members are documented? Lists the entries of the XML documentation, with the length of their summaries and the parameters they speak of.

using System.Xml.Linq;

var folder = Environment.GetEnvironmentVariable("API_DOCS") ?? throw new InvalidOperationException("Set API_DOCS to the folder of the XML documentation.");
var rows = new List<string> { "id\twords\tparameters" };
foreach (var file in Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal))
{
    foreach (var member in XDocument.Load(file).Descendants("member"))
    {
        // A link has no words of its own, but it is shown as one.
        var summary = member.Element("summary");
        var words = summary is null ? 0 : summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length + summary.Descendants("see").Count();
        var parameters = string.Join(',', member.Elements("param").Select(parameter => (string?)parameter.Attribute("name")));
        rows.Add($"{(string?)member.Attribute("name")}\t{words}\t{parameters}");
    }
}

Save(args[0], rows);
Console.WriteLine($"{rows.Count - 1:N0} documented members");

// Whoever finds the file finds all of it: it gets its name when it is complete.
static void Save(string path, IEnumerable<string> lines)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    File.WriteAllLines(path + ".tmp", lines);
    File.Move(path + ".tmp", path, overwrite: true);
}
