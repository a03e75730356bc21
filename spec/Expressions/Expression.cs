using System.Text;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Expressions;

/// <summary>
/// A text with references: <c>inventory-${target}</c>. <c>$${</c> stands for a literal <c>${</c>.
/// </summary>
/// <param name="Position">Where it is written.</param>
/// <param name="Text">As it is written.</param>
/// <param name="Parts">Literal texts and references, in order.</param>
public sealed record Expression(SourcePosition Position, string Text, IReadOnlyList<ExpressionPart> Parts)
{
    /// <summary>The references, in order.</summary>
    public IEnumerable<Reference> References => Parts.OfType<Reference>();

    /// <summary>The steps whose outputs the text needs, each once.</summary>
    public IEnumerable<string> Steps => References.OfType<StepOutput>().Select(output => output.Step).Distinct();

    /// <summary>Fills in the references.</summary>
    /// <param name="resolve">The value of a reference; null for one that is not known yet.</param>
    public Evaluation Evaluate(Func<Reference, string?> resolve)
    {
        var text = new StringBuilder();
        var unknown = new List<Reference>();
        foreach (var part in Parts)
        {
            switch (part)
            {
                case Literal literal:
                    text.Append(literal.Text);
                    break;
                case Reference reference when resolve(reference) is { } value:
                    text.Append(value);
                    break;
                case Reference reference:
                    unknown.Add(reference);
                    break;
            }
        }
        return unknown.Count == 0 ? new Evaluation(text.ToString(), []) : new Evaluation(Value: null, [.. unknown.Distinct()]);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>What an expression comes to.</summary>
/// <param name="Value">The text; null as long as a reference is unknown ("known after apply").</param>
/// <param name="Unknown">The references that are not known yet, each once.</param>
public sealed record Evaluation(string? Value, IReadOnlyList<Reference> Unknown);
