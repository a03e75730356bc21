using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.CodeBuild;

/// <summary>Projects that stacks make and change.</summary>
public sealed class ProjectResourceTests : IAsyncLifetime
{
    private const string Secret = $"arn:aws:secretsmanager:us-east-1:{SimulatedCloud.Account}:secret:git-key-a1b2c3";

    private SimulatedCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await SimulatedCloud.Start();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task What_is_refused_of_a_new_project_is_refused_of_a_changed_one()
    {
        await _cloud.Deploy("builds", Template("NO_SOURCE"));

        var changed = await Should.ThrowAsync<InvalidOperationException>(_cloud.Deploy("builds", Template("GITHUB")));
        var made = await Should.ThrowAsync<InvalidOperationException>(_cloud.Deploy("others", Template("GITHUB")));

        changed.Message.ShouldContain("Project source location is required.");
        made.Message.ShouldContain("Project source location is required.");
    }

    /// <summary>The variable with the private key of git dependencies is what the deployer's two parameters say.</summary>
    [Fact]
    public async Task The_project_of_ion_dev_has_the_key_that_the_deployer_s_parameters_name()
    {
        (await GitKey()).ShouldBeNull();
        (await GitKey(("GitKey", "/deployer/git-key"))).ShouldBe(("PARAMETER_STORE", "/deployer/git-key"));
        (await GitKey(("GitKey", ""), ("GitSecret", Secret))).ShouldBe(("SECRETS_MANAGER", Secret));
    }

    /// <summary>Makes or updates the deployer, as <c>bootstrap tools</c> does.</summary>
    private async Task<(string Type, string Value)?> GitKey(params (string Key, string Value)[] parameters)
    {
        await _cloud.Deploy(
            "deployer-dev",
            Repository.Text("template.yaml"),
            [("Stage", "dev"), ("AllowedTargets", SimulatedCloud.Account), .. parameters]
        );
        using var builds = _cloud.Client(
            config => new AmazonCodeBuildClient(TestAws.Root(SimulatedCloud.Account), config),
            new AmazonCodeBuildConfig()
        );
        var project = (await builds.BatchGetProjectsAsync(new BatchGetProjectsRequest { Names = ["deployer-dev-ions"] })).Projects.Single();
        return project.Environment.EnvironmentVariables.Find(variable => variable.Name == "GIT_KEY") is { } variable
            ? (variable.Type.Value, variable.Value)
            : null;
    }

    private static string Template(string source) =>
        $$"""
            Resources:
              Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [ { Effect: Allow,
                Principal: { Service: codebuild.amazonaws.com }, Action: sts:AssumeRole } ] } } }
              Project:
                Type: AWS::CodeBuild::Project
                Properties:
                  ServiceRole: !GetAtt Role.Arn
                  Artifacts: { Type: NO_ARTIFACTS }
                  Source: { Type: {{source}}, BuildSpec: "version: 0.2" }
                  Environment: { Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: aws/codebuild/standard:7.0 }
            """;
}
