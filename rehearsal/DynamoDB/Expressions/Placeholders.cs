using System.Text.Json;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>ExpressionAttributeNames and ExpressionAttributeValues of a request; each one given must be used.</summary>
internal sealed class Placeholders
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public Placeholders(JsonElement? names, JsonElement? values)
    {
        foreach (var name in Entries(names, "ExpressionAttributeNames", '#'))
        {
            _names[name.Name] = name.Value.GetString()!;
        }

        foreach (var value in Entries(values, "ExpressionAttributeValues", ':'))
        {
            _values[value.Name] = AttributeValueConverter.Parse(value.Value);
        }
    }

    public string Name(Token token, TokenReader reader)
    {
        _used.Add(token.Text);
        return _names.GetValueOrDefault(token.Text)
            ?? throw reader.Invalid($"An expression attribute name used in the document path is not defined; attribute name: {token.Text}");
    }

    public AttributeValue Value(Token token, TokenReader reader)
    {
        _used.Add(token.Text);
        return _values.GetValueOrDefault(token.Text)
            ?? throw reader.Invalid($"An expression attribute value used in expression is not defined; attribute value: {token.Text}");
    }

    /// <summary>After every expression of the request was read.</summary>
    /// <exception cref="ApiException">ValidationException: something was given and not used.</exception>
    public void EnsureUsed(bool hasExpressions)
    {
        Ensure("ExpressionAttributeNames", [.. _names.Keys], hasExpressions);
        Ensure("ExpressionAttributeValues", [.. _values.Keys], hasExpressions);
    }

    private static IEnumerable<JsonProperty> Entries(JsonElement? given, string parameter, char sign)
    {
        if (given is not { } element)
        {
            return [];
        }

        var entries = element.EnumerateObject().ToArray();
        if (entries.Length == 0)
        {
            throw DynamoDBError.Validation($"{parameter} must not be empty");
        }

        return
            entries.FirstOrDefault(entry => entry.Name.Length < 2 || entry.Name[0] != sign)
                is { Value.ValueKind: not JsonValueKind.Undefined } wrong
            ? throw DynamoDBError.Validation($"{parameter} contains invalid key: Syntax error; key: \"{wrong.Name}\"")
            : entries;
    }

    private void Ensure(string parameter, string[] given, bool hasExpressions)
    {
        if (given.Length > 0 && !hasExpressions)
        {
            throw DynamoDBError.Validation($"{parameter} can only be specified when using expressions");
        }

        var unused = given.Where(name => !_used.Contains(name)).ToArray();
        if (unused.Length > 0)
        {
            throw DynamoDBError.Validation($"Value provided in {parameter} unused in expressions: keys: {{{string.Join(", ", unused)}}}");
        }
    }
}
