using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>A scalar that stands without quotes where the schema of a resource type wants a text.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Written">As it is written.</param>
/// <param name="Place">What it is, such as <c>Worker.Environment.Variables.PHONE</c>.</param>
public sealed record TextScalar(SourcePosition Position, string Written, string Place)
{
    /// <summary>What is said of those that CloudFormation reads as another text than is written: faults, and notices of booleans, whose
    /// words may be meant.</summary>
    public static (IReadOnlyList<Fault> Faults, IReadOnlyList<Notice> Notices) Check(IEnumerable<TextScalar> scalars)
    {
        var faults = new FaultList();
        foreach (var scalar in scalars)
        {
            TemplateScalars.CheckText(new YamlScalar(scalar.Position, Tag: null, scalar.Written, Plain: true), scalar.Place, faults);
        }
        return (faults.InOrder(), faults.NoticesInOrder());
    }
}
