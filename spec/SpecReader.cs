using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Reading;
using Deployer.Spec.Rules;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Yaml;

namespace Deployer.Spec;

/// <summary>
/// Reads and checks a service's deployer.yaml and what it names in the service's folder. Nothing in the folder is trusted:
/// whatever it holds, the answer is a spec or a list of faults, never an exception.
/// </summary>
public static class SpecReader
{
    /// <summary>What the name of a step may be, in words.</summary>
    public static string StepNameExpectation => SpecShapes.StepName.Expected;

    /// <summary>Whether a text can be the name of a step.</summary>
    public static bool IsStepName(string text) => SpecShapes.StepName.IsMatch(text);

    /// <summary>Reads <see cref="SpecFile.Name"/> in the folder, with the deployer's own kinds of step.</summary>
    public static SpecReading Read(ISourceFolder folder) => Read(folder, StepKinds.BuiltIn);

    /// <summary>Reads <see cref="SpecFile.Name"/> in the folder.</summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="kinds">The kinds of step that the file may have.</param>
    public static SpecReading Read(ISourceFolder folder, StepKinds kinds) => Read(folder, kinds, isAccepted: false);

    /// <summary>
    /// Reads <see cref="SpecFile.Name"/> in a folder that was accepted before, perhaps by an earlier version: rules that came since do not
    /// refuse it, so that its deployment can be redriven.
    /// </summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="kinds">The kinds of step that the file may have.</param>
    public static SpecReading ReadAccepted(ISourceFolder folder, StepKinds kinds) => Read(folder, kinds, isAccepted: true);

    private static SpecReading Read(ISourceFolder folder, StepKinds kinds, bool isAccepted)
    {
        var faults = new FaultList();
        var text = SourceText.Read(folder, RelativePath.Parse(SpecFile.Name), faults);
        var root = text is null ? null : YamlReader.Read(text, SpecFile.Name, faults);
        if (root is null)
        {
            return new SpecReading(Spec: null, faults.InOrder());
        }
        new ShapeChecker(faults).Check(root, FileShape.With(kinds), "the file");
        if (!isAccepted)
        {
            UnsupportedRules.Check(root, faults);
        }

        var spec = new SpecBinder(kinds, faults).Bind(root);
        // Some rules compare everything with everything, which is cheap within the limits only.
        if (isAccepted || spec.Steps.Count > SpecShapes.MostSteps || spec.Targets.Count > SpecShapes.MostTargets)
        {
            return new SpecReading(faults.Any ? null : spec, faults.InOrder()) { Notices = faults.NoticesInOrder() };
        }
        SpecRules.Check(spec, folder, kinds, faults);
        LeftOutRules.Check(folder, faults);
        return new SpecReading(faults.Any ? null : spec, faults.InOrder())
        {
            Notices = faults.NoticesInOrder(),
            Targets = spec.Targets,
            Templates = TemplateRules.PathsOf(spec, folder),
        };
    }

    /// <summary>
    /// What is wrong with the name of a development instance, which whoever asks for one gives; <see langword="null"/> for nothing.
    /// </summary>
    public static (string Problem, string Expected)? InstanceNameFault(string name) =>
        SpecShapes.InstanceName.IsMatch(name)
            ? null
            : ($"the name of the development instance is \"{name}\"", SpecShapes.InstanceName.Expected);

    /// <summary>
    /// What would be wrong with a development instance: its name, the names that become longer by it, and those that are another's.
    /// </summary>
    /// <param name="spec">The service.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="target">The instance as a target.</param>
    /// <param name="others">The other development instances that there are.</param>
    /// <param name="kinds">The kinds of step that the file may have.</param>
    public static IReadOnlyList<Fault> CheckInstance(
        ServiceSpec spec,
        ISourceFolder folder,
        TargetSpec target,
        IEnumerable<TargetSpec> others,
        StepKinds kinds
    )
    {
        var faults = new FaultList();
        if (InstanceNameFault(target.Instance!) is { } wrong)
        {
            // The names that are made with it would be wrong for the same reason, at lines of the file that has no fault.
            return [new Fault(target.Position, wrong.Problem, wrong.Expected)];
        }

        SpecRules.Check(spec with { Targets = [target] }, folder, kinds, faults);
        InstanceRules.CheckApart(spec, target, [.. spec.Targets, .. others], faults);
        return faults.InOrder();
    }
}
