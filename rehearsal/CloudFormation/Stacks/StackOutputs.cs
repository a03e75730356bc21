using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>The outputs of stacks.</summary>
internal sealed class StackOutputs(Exports exports, IStackValues outside)
{
    /// <summary>Evaluates the outputs and puts them on the stack.</summary>
    /// <exception cref="TemplateException">An output has no text, or an export is in use or taken.</exception>
    public void Evaluate(StackRecord stack, StackDefinition definition)
    {
        var evaluation = new StackEvaluation(stack, definition, new LiveValues(stack), outside);
        foreach (var id in evaluation.Graph.Order)
        {
            _ = evaluation.Evaluator.Properties(evaluation.Template.Resources[id].Properties);
        }

        var outputs = new List<StackOutput>();
        foreach (var output in evaluation.Template.Outputs.Values.Where(o => evaluation.Evaluator.Holds(o.Condition)))
        {
            var value = evaluation.Evaluator.Value(output.Value).Text() ?? throw OutputDeclaration.NoText;
            outputs.Add(new StackOutput(output.Name, value, output.Description, evaluation.Evaluator.Value(output.ExportName).Text()));
        }

        if (exports.Objection(stack, outputs) is { } objection)
        {
            throw new TemplateException(objection);
        }

        stack.Outputs = outputs;
        stack.Imports = evaluation.Imported;
    }
}
