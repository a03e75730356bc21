using Deployer.Rehearsal.CodeBuild.Buildspecs;

namespace Deployer.Rehearsal.Tests.CodeBuild.Buildspecs;

public sealed class BuildspecReaderTests
{
    [Fact]
    public void Everything_that_is_simulated_is_read()
    {
        var spec = BuildspecReader.Read(
            """
            version: 0.2
            env:
              shell: bash
              variables:
                A: one
                B: 2
            phases:
              install:
                runtime-versions: { java: corretto21 }
              build:
                on-failure: ABORT
                commands:
                  - echo one
                  - |
                    echo two
                    echo three
              pre_build:
                commands: [ "true" ]
            artifacts:
              base-directory: out
              files: [ "**/*", x.edn ]
              name: answers
              discard-paths: yes
            """
        );

        spec.Variables.ShouldBe(new Dictionary<string, string> { ["A"] = "one", ["B"] = "2" });
        spec.Phases.Select(phase => phase.Name).ShouldBe(["PRE_BUILD", "BUILD"]);
        spec.Phases[1].OnFailure.ShouldBe("ABORT");
        spec.Phases[1].Commands.ShouldBe(["echo one", "echo two\necho three\n"]);
        var artifacts = spec.Artifacts.ShouldNotBeNull();
        artifacts.Files.ShouldBe(["**/*", "x.edn"]);
        artifacts.BaseDirectory.ShouldBe("out");
        artifacts.Name.ShouldBe("answers");
        artifacts.DiscardPaths.ShouldBeTrue();
    }

    [Theory]
    [InlineData("version: 0.1\nphases: {}", "0.2")]
    [InlineData("version: 0.2", "phases")]
    [InlineData("version: 0.2\nphases: { deploy: {} }", "'deploy'")]
    [InlineData("version: 0.2\nphases: { build: { finally: [] } }", "'finally'")]
    [InlineData("version: 0.2\nphases: { build: { on-failure: RETRY } }", "'RETRY'")]
    [InlineData("version: 0.2\nphases: {}\ncache: {}", "'cache'")]
    [InlineData("version: 0.2\nphases: {}\nenv: { parameter-store: {} }", "'parameter-store'")]
    [InlineData("version: 0.2\nphases: {}\nenv: { shell: powershell.exe }", "bash only")]
    [InlineData("version: 0.2\nphases: { build: { commands: echo } }", "not a list")]
    [InlineData("version: 0.2\nphases: {}\nartifacts: {}", "artifacts.files")]
    [InlineData("version: [", "YAML, line")]
    [InlineData("", "empty")]
    public void What_is_not_simulated_is_refused_by_its_name(string yaml, string named) =>
        Should.Throw<BuildspecException>(() => BuildspecReader.Read(yaml)).Message.ShouldContain(named);
}
