using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>A node of a parsed expression.</summary>
internal abstract class JsonataSyntax
{
    /// <summary>The filters behind it, in order.</summary>
    public List<JsonataSyntax> Filters { get; } = [];

    /// <summary>The grouping behind it.</summary>
    public ObjectSyntax? Group { get; set; }

    /// <summary>Whether <c>[]</c> follows: one result stays an array.</summary>
    public bool KeepsArray { get; set; }
}

internal sealed class LiteralSyntax(object value) : JsonataSyntax
{
    public object Value { get; } = value;
}

internal sealed class RegexSyntax(Regex pattern) : JsonataSyntax
{
    public Regex Pattern { get; } = pattern;
}

internal sealed class NameSyntax(string name) : JsonataSyntax
{
    public string Name { get; } = name;
}

internal sealed class VariableSyntax(string name) : JsonataSyntax
{
    public string Name { get; } = name;
}

internal sealed class WildcardSyntax : JsonataSyntax;

internal sealed class DescendantsSyntax : JsonataSyntax;

internal sealed class PathSyntax(List<JsonataSyntax> steps) : JsonataSyntax
{
    public List<JsonataSyntax> Steps { get; } = steps;
}

internal sealed class NegationSyntax(JsonataSyntax operand) : JsonataSyntax
{
    public JsonataSyntax Operand { get; } = operand;
}

internal sealed class BinarySyntax(string @operator, JsonataSyntax left, JsonataSyntax right) : JsonataSyntax
{
    public string Operator { get; } = @operator;
    public JsonataSyntax Left { get; } = left;
    public JsonataSyntax Right { get; } = right;
}

internal sealed class ArraySyntax(List<JsonataSyntax> items) : JsonataSyntax
{
    public List<JsonataSyntax> Items { get; } = items;
}

internal sealed class ObjectSyntax(List<(JsonataSyntax Key, JsonataSyntax Value)> fields) : JsonataSyntax
{
    public List<(JsonataSyntax Key, JsonataSyntax Value)> Fields { get; } = fields;
}

internal sealed class BlockSyntax(List<JsonataSyntax> expressions) : JsonataSyntax
{
    public List<JsonataSyntax> Expressions { get; } = expressions;
}

internal sealed class ConditionSyntax(JsonataSyntax condition, JsonataSyntax then, JsonataSyntax? otherwise) : JsonataSyntax
{
    public JsonataSyntax Condition { get; } = condition;
    public JsonataSyntax Then { get; } = then;
    public JsonataSyntax? Otherwise { get; } = otherwise;
}

internal sealed class BindSyntax(string name, JsonataSyntax value) : JsonataSyntax
{
    public string Name { get; } = name;
    public JsonataSyntax Value { get; } = value;
}

internal sealed class CallSyntax(JsonataSyntax function, List<JsonataSyntax?> arguments) : JsonataSyntax
{
    public JsonataSyntax Function { get; } = function;

    /// <summary>The arguments; a null one is the <c>?</c> of a partial application.</summary>
    public List<JsonataSyntax?> Arguments { get; } = arguments;
}

internal sealed class LambdaSyntax(List<string> parameters, JsonataSyntax body) : JsonataSyntax
{
    public List<string> Parameters { get; } = parameters;
    public JsonataSyntax Body { get; } = body;
}

internal sealed class ApplySyntax(JsonataSyntax left, JsonataSyntax right) : JsonataSyntax
{
    public JsonataSyntax Left { get; } = left;
    public JsonataSyntax Right { get; } = right;
}

internal sealed class SortSyntax(List<(JsonataSyntax Term, bool Descending)> terms) : JsonataSyntax
{
    public List<(JsonataSyntax Term, bool Descending)> Terms { get; } = terms;
}

internal sealed class TransformSyntax(JsonataSyntax pattern, JsonataSyntax update, JsonataSyntax? delete) : JsonataSyntax
{
    public JsonataSyntax Pattern { get; } = pattern;
    public JsonataSyntax Update { get; } = update;
    public JsonataSyntax? Delete { get; } = delete;
}
