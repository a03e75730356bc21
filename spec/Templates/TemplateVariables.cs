using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Environment variables that a template gives to Lambda functions, as those that deployer.yaml gives to them: names that Lambda refuses
/// or keeps for itself, and more than it takes (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
/// </summary>
internal static class TemplateVariables
{
    public static void Check(YamlNode root, FaultList faults)
    {
        foreach (
            var (name, resource) in root.Entries("Resources")
                .Where(entry => entry.Value.Text("Type") is "AWS::Lambda::Function" or "AWS::Serverless::Function")
        )
        {
            Check($"the function {name.Value}", resource.At("Properties"), faults);
        }
        // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
        if (TemplateNames.Read(root).UsesSam)
        {
            Check("the functions of Globals", root.At("Globals")?.At("Function"), faults);
        }
    }

    private static void Check(string function, YamlNode? properties, FaultList faults)
    {
        if (properties?.At("Environment")?.At("Variables") is not YamlMapping { Tag: null } variables)
        {
            return;
        }
        var entries = variables.Entries.Where(entry => !TemplateFunction.IsFunction(entry.Key.Value)).ToList();
        foreach (var (name, _) in entries)
        {
            if (LambdaVariables.Reserved.Contains(name.Value))
            {
                faults.Add(
                    name.Position,
                    $"the variable \"{name.Value}\" of {function} is reserved by Lambda",
                    "another name: Lambda sets this one"
                );
            }
            else if (!LambdaVariables.IsName(name.Value))
            {
                faults.Add(
                    name.Position,
                    $"the name of the variable \"{name.Value}\" of {function} is not allowed",
                    LambdaVariables.NameExpectation
                );
            }
        }
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in entries)
        {
            known[name.Value] = TemplateFunction.Literal(value) is { } text ? TemplateScalars.Text(text) : null;
        }
        if (LambdaVariables.LeastBytes(known) is var bytes and > LambdaVariables.MostBytes)
        {
            faults.Add(
                variables.Position,
                $"the variables of {function} have {bytes} bytes",
                $"at most {LambdaVariables.MostBytes} with their names: Lambda takes no more for all variables of a function"
            );
        }
    }
}
