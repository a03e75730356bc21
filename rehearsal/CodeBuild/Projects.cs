using Amazon.CodeBuild.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>The build projects of every account.</summary>
public sealed class Projects(RehearsalWorld world)
{
    private readonly Table<Project> _projects = world.Store.Table<Project>("codebuild/projects");

    /// <summary>The project of this name or ARN, or <see langword="null"/>.</summary>
    public Project? Find(string account, string region, string nameOrArn) =>
        _projects.Get(RegionalKey.Create(account, region, Name(nameOrArn)));

    /// <summary>The ARN of a project.</summary>
    public static string ArnOf(string account, string region, string nameOrArn) =>
        $"arn:aws:codebuild:{region}:{account}:project/{Name(nameOrArn)}";

    /// <summary>Adds a project or replaces it; its ARN and times are given here.</summary>
    public Project Put(string account, string region, Project project)
    {
        var old = Find(account, region, project.Name);
        project.Arn = ArnOf(account, region, project.Name);
        project.Created = old?.Created ?? world.Now.UtcDateTime;
        project.LastModified = world.Now.UtcDateTime;
        _projects.Put(RegionalKey.Create(account, region, project.Name), project);
        return project;
    }

    /// <summary>Forgets a project; there need not be one.</summary>
    public void Delete(string account, string region, string nameOrArn) =>
        _projects.Remove(RegionalKey.Create(account, region, Name(nameOrArn)));

    private static string Name(string nameOrArn) => nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];
}
