using System.Xml;
using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// Finds the lines of a project that items and properties come from. MSBuild does not hand a task more than the file, so
/// the file is read again, as text: what only evaluation could tell (a property in an Include) has a file and no line.
/// </summary>
internal sealed class ProjectSource
{
    private readonly Dictionary<string, ProjectText> _files = [];

    public Place PlaceOfItem(ITaskItem item)
    {
        var file = item.GetMetadata("DefiningProjectFullPath");
        return file == "" ? default : TextOf(file).PlaceOfItem(((ITaskItem2)item).EvaluatedIncludeEscaped);
    }

    /// <summary>The line that sets a property to this value, or the project without a line (it was set elsewhere, or on the command line).</summary>
    public Place PlaceOfProperty(string file, string property, string value) => TextOf(file).PlaceOfProperty(property, value);

    private ProjectText TextOf(string file)
    {
        if (!_files.TryGetValue(file, out var text))
        {
            _files[file] = text = new ProjectText(file);
        }

        return text;
    }

    /// <summary>The places of one file, by what is written there.</summary>
    private sealed class ProjectText
    {
        private readonly string _file;
        private readonly Dictionary<string, Queue<Place>> _items = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<(string Include, Place Place)> _computed = [];
        private readonly Dictionary<(string Name, string Value), Place> _properties = [];

        public ProjectText(string file)
        {
            _file = file;
            try
            {
                Read();
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or XmlException)
            {
                // The project was evaluated, so it was fine a moment ago; what is said about it has no line then.
            }
        }

        public Place PlaceOfItem(string include)
        {
            if (_items.TryGetValue(Normalized(include), out var places))
            {
                // The second item of the same name comes from the second element that writes it; the last one serves all others.
                return places.Count > 1 ? places.Dequeue() : places.Peek();
            }

            var candidates = _computed.Where(computed => MayBecome(computed.Include, include)).ToArray();
            return candidates.Length == 1 ? candidates[0].Place : new Place(_file);
        }

        public Place PlaceOfProperty(string property, string value) =>
            _properties.TryGetValue((property.ToUpperInvariant(), value.Trim()), out var place) ? place : new Place(_file);

        private void Read()
        {
            using var reader = XmlReader.Create(_file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            var position = (IXmlLineInfo)reader;
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                // MSBuild counts to the '<', the reader to the name after it.
                var place = new Place(_file, position.LineNumber, position.LinePosition - 1);
                if (reader.LocalName is "ScriptItem" or "ScriptInterpreter" && reader.GetAttribute("Include") is { } include)
                {
                    foreach (var part in include.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    {
                        AddItem(part, place);
                    }
                }
                else if (reader.LocalName.StartsWith("Scripts", StringComparison.OrdinalIgnoreCase) && !reader.IsEmptyElement)
                {
                    AddProperty(reader, place);
                }
            }
        }

        private void AddItem(string include, Place place)
        {
            if (include.AsSpan().ContainsAny("*?") || include.Contains("$(") || include.Contains("@(") || include.Contains("%("))
            {
                _computed.Add((include, place));
                return;
            }

            if (!_items.TryGetValue(Normalized(include), out var places))
            {
                _items[Normalized(include)] = places = new Queue<Place>();
            }

            places.Enqueue(place);
        }

        private void AddProperty(XmlReader reader, Place place)
        {
            var name = reader.LocalName.ToUpperInvariant();
            if (reader.Read() && reader.NodeType == XmlNodeType.Text)
            {
                _properties[(name, reader.Value.Trim())] = place;
            }
        }

        private static string Normalized(string include) => include.Replace('\\', '/');

        /// <summary>Whether a pattern or expression can have become this item. What an expression becomes is not known, so it may be anything.</summary>
        private static bool MayBecome(string pattern, string include) =>
            pattern.Contains('(') || new Glob(Normalized(pattern)).Matches(Normalized(include));
    }
}
