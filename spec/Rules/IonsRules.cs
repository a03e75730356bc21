using Deployer.Spec.Datomic;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>Ion applications: their own files, and the names that come from them and the group together.</summary>
internal static class IonsRules
{
    public static void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        foreach (var ions in spec.Steps.OfType<IonsStep>())
        {
            var deps = ions.Folder.Child("deps.edn");
            if (!folder.HasFile(deps) && LeftOutFile.Problem(folder, deps) is { } problem)
            {
                faults.Add(ions.FolderPosition, $"\"{deps}\" {problem}", "the file itself");
                continue;
            }
            if (!folder.HasFile(deps))
            {
                faults.Add(ions.FolderPosition, $"the folder \"{ions.Folder}\" has no deps.edn", "the folder of an ion application");
                continue;
            }
            var reading = IonApplication.Read(folder, ions.Folder);
            faults.AddRange(reading.Faults);
            faults.AddRange(reading.Notices);
            if (reading.Application is { } application)
            {
                IonDevRules.Check(ions, application.Deps, Releases(spec, ions), faults);
            }
            CheckGroup(spec, ions, reading.Application?.Config, faults);
        }
    }

    private static void CheckGroup(ServiceSpec spec, IonsStep ions, IonConfig? config, FaultList faults)
    {
        var stack = GroupOf(spec, ions);
        foreach (var target in spec.Targets)
        {
            if (StaticValue.In(spec, target, stack?.Stack ?? ions.Group) is not { } group)
            {
                continue;
            }
            if (!DatomicNames.IsGroup(group))
            {
                faults.Add(
                    ions.Group.Position,
                    $"the group is \"{group}\" in the target \"{target.Name}\", of {group.Length} characters",
                    DatomicNames.GroupExpectation
                );
            }
            foreach (var lambda in (config?.Lambdas ?? []).Where(lambda => lambda.FunctionName(group).Length > DatomicNames.MaxLambdaName))
            {
                var name = lambda.FunctionName(group);
                faults.Add(
                    lambda.Position,
                    $"the Lambda function is named \"{name}\" in the target \"{target.Name}\", of {name.Length} characters",
                    $"at most {DatomicNames.MaxLambdaName}"
                );
            }
            if (
                config is not null
                && stack?.Parameters.GetValueOrDefault("ApplicationName") is { } parameter
                && StaticValue.In(spec, target, parameter) is { } application
                && application != config.AppName
            )
            {
                faults.Add(
                    config.AppNamePosition,
                    $":app-name is \"{config.AppName}\"",
                    $"\"{application}\", the ApplicationName of the step \"{stack.Name}\" in the target \"{target.Name}\""
                );
            }
        }
    }

    // The releases of Datomic that the group's stack gets in the targets, where the address of its template says them.
    private static List<DatomicRelease> Releases(ServiceSpec spec, IonsStep ions)
    {
        var releases = new List<DatomicRelease>();
        foreach (var target in spec.Targets)
        {
            if (
                GroupOf(spec, ions) is { } stack
                && StaticValue.In(spec, target, stack.Template) is { } address
                && DatomicTemplate.TryParse(address, out var template)
            )
            {
                releases.Add(template.Release);
            }
        }

        return releases;
    }

    // A compute group's CodeDeploy deployment group has the name of its stack.
    private static StackStep? GroupOf(ServiceSpec spec, IonsStep ions) =>
        ions.Group.Parts is [StepOutput { Output: "CodeDeployDeploymentGroup" } output]
        && spec.Step(output.Step) is StackStep stack
        && StackKinds.IsGroup(stack.StackKind)
            ? stack
            : null;
}
