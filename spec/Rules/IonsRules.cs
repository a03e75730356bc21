using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>Groups and folders of ions.</summary>
internal static class IonsRules
{
    public static void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        foreach (var ions in spec.Steps.OfType<IonsStep>())
        {
            if (!folder.HasFile(ions.Folder.Child("deps.edn")))
            {
                faults.Add(ions.Position, $"the folder \"{ions.Folder}\" of the step \"{ions.Name}\" has no deps.edn", "the folder of an ion application");
            }
            foreach (var (target, group) in GroupsOf(spec, ions))
            {
                if (!DatomicNames.IsGroup(group))
                {
                    faults.Add(ions.Group.Position, $"the group is \"{group}\" in the target \"{target.Name}\", of {group.Length} characters", DatomicNames.GroupExpectation);
                }
            }
        }
    }

    /// <summary>The group's name in each target, where the file tells.</summary>
    private static IEnumerable<(TargetSpec Target, string Group)> GroupsOf(ServiceSpec spec, IonsStep ions) =>
        from target in spec.Targets
        let @group = StaticValue.In(spec, target, GroupOf(spec, ions))
        where @group is not null
        select (target, @group);

    // A compute group's deployment group has the name of its stack.
    private static Expression GroupOf(ServiceSpec spec, IonsStep ions) =>
        ions.Group.Parts is [StepOutput { Output: "CodeDeployDeploymentGroup" } output] && spec.Step(output.Step) is StackStep stack && StackKinds.IsGroup(stack.StackKind)
            ? stack.Stack
            : ions.Group;
}
