using System.Text.Json;
using Amazon.CDK;
using Amazon.CDK.CloudFormation.Include;
using Constructs;

namespace Deployer.Cdk;

/// <summary>
/// A stack that a template of the product describes: the template stays the source, and the stack says where it goes and with which
/// parameters. https://docs.aws.amazon.com/cdk/v2/guide/use_cfn_template.html
/// </summary>
internal abstract class IncludedStack : Stack
{
    /// <summary>Includes a template.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="name">The stack's name, which is its id, too, where none is given.</param>
    /// <param name="place">Its account and region.</param>
    /// <param name="template">The template's path in the product.</param>
    /// <param name="parameters">Values of its parameters; what is not named stays a parameter with its default.</param>
    /// <param name="added">Values that the configuration adds to them.</param>
    /// <exception cref="ConfigurationException">A value is not one that the template takes.</exception>
    /// <param name="id">The id in the app, where stacks of several regions have the same name.</param>
    protected IncludedStack(
        Construct scope,
        string name,
        AccountPlace place,
        string template,
        IReadOnlyDictionary<string, object> parameters,
        IReadOnlyDictionary<string, JsonElement> added,
        string? id = null
    )
        : base(
            scope,
            id ?? name,
            new StackProps
            {
                StackName = name,
                Env = new Amazon.CDK.Environment { Account = place.Account, Region = place.Region },
                // The rule needs a parameter and a permission of its own; an environment that is not bootstrapped fails at its assets.
                Synthesizer = new DefaultStackSynthesizer(new DefaultStackSynthesizerProps { GenerateBootstrapVersionRule = false }),
            }
        ) =>
        Template = new CfnInclude(
            this,
            "Template",
            new CfnIncludeProps
            {
                TemplateFile = Path.Combine(Product.Folder, template),
                Parameters = new TemplateParameters(template).Given(name, parameters, added),
            }
        );

    /// <summary>What the template describes.</summary>
    protected CfnInclude Template { get; }
}
