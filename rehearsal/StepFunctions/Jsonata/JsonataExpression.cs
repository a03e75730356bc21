namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>A JSONata expression.</summary>
static class JsonataExpression
{
    /// <summary>What is wrong with an expression's text; null when nothing is.</summary>
    public static string? FaultOf(string text) => text.Length == 0 ? "the expression is empty" : null;
}
