using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>One rule of a Choice.</summary>
/// <param name="Condition">When it applies.</param>
/// <param name="Next">The next state.</param>
/// <param name="Assign">Variables to assign when it applies.</param>
/// <param name="Output">JSONata: what leaves the state when it applies.</param>
public sealed record ChoiceRule(ChoiceCondition Condition, string Next, JsonObject? Assign, Template? Output);

/// <summary>When a rule applies.</summary>
public abstract record ChoiceCondition;

/// <summary>All parts apply.</summary>
public sealed record AndCondition(IReadOnlyList<ChoiceCondition> Parts) : ChoiceCondition;

/// <summary>At least one part applies.</summary>
public sealed record OrCondition(IReadOnlyList<ChoiceCondition> Parts) : ChoiceCondition;

/// <summary>The part does not apply.</summary>
public sealed record NotCondition(ChoiceCondition Part) : ChoiceCondition;

/// <summary>A test of one value.</summary>
/// <param name="Variable">The path to the value.</param>
/// <param name="Operator">The operator without <c>Path</c>, as StringEquals.</param>
/// <param name="Operand">The value to compare with, or the path to it.</param>
/// <param name="OperandIsPath">Whether the operand is a path.</param>
public sealed record DataTest(string Variable, string Operator, JsonNode? Operand, bool OperandIsPath) : ChoiceCondition;

/// <summary>A JSONata expression that gives a boolean.</summary>
public sealed record ExpressionCondition(JsonNode? Expression) : ChoiceCondition;
