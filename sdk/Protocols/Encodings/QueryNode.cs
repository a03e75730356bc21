using System.Globalization;

namespace Deployer.Protocols;

/// <summary>The parameters of a form as the tree that their dotted names describe.</summary>
internal sealed class QueryNode
{
    private readonly Dictionary<string, QueryNode> _children = new(StringComparer.Ordinal);

    /// <summary>The parameter's value, if a parameter has exactly this name.</summary>
    internal string? Value { get; private set; }

    internal QueryNode? Child(string name) => _children.GetValueOrDefault(name);

    /// <summary>The children that are numbered, in the order of their numbers; gaps are allowed.</summary>
    internal IEnumerable<QueryNode> Numbered() =>
        from child in _children
        let number = int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1
        where number >= 0
        orderby number
        select child.Value;

    internal static QueryNode Parse(string form)
    {
        var root = new QueryNode();
        foreach (var (name, value) in FormText.Parse(form))
        {
            var node = root;
            foreach (var part in name.Split('.'))
            {
                if (!node._children.TryGetValue(part, out var child))
                {
                    node._children.Add(part, child = new QueryNode());
                }
                node = child;
            }

            node.Value = value;
        }

        return root;
    }
}
