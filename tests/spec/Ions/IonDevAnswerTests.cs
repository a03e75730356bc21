using Deployer.Spec.Ions;

namespace Deployer.Spec.Tests.Ions;

public sealed class IonDevAnswerTests
{
    [Fact]
    public void Reads_a_push_after_its_progress()
    {
        var answer = IonDevAnswer
            .Read(
                """
                (cognitect.s3-libs.s3/upload "datomic-code-32068047" [{:local-zip "target/x.zip", :s3-zip "datomic/apps/inventory/x.zip"}])
                Downloading: org/clojure/clojure/1.11.4/clojure-1.11.4.pom from central
                {:uploading "half a map
                {:rev "2f5a1e0c9b8d7a6f5e4d3c2b1a0f9e8d7c6b5a49",
                 :deploy-groups (inventory-dev "inventory-dev-2"),
                 :dependency-conflicts
                 {:deps
                  {org.clojure/tools.reader #:mvn{:version "1.3.6"},
                   com.example/local {:local/root "x"}},
                  :doc "The :push operation overrode these dependencies"},
                 :deploy-command "clojure -A:ion-dev '{:op :deploy}'"}

                """
            )
            .ShouldNotBeNull();

        answer.Rev.ShouldBe("2f5a1e0c9b8d7a6f5e4d3c2b1a0f9e8d7c6b5a49");
        answer.Uname.ShouldBeNull();
        answer.DeployGroups.ShouldBe(["inventory-dev", "inventory-dev-2"]);
        answer.DependencyConflicts.ShouldBe(
            new Dictionary<string, string> { ["org.clojure/tools.reader"] = "1.3.6", ["com.example/local"] = "{:local/root \"x\"}" }
        );
        answer.CommandFailed.ShouldBeNull();
    }

    [Fact]
    public void Reads_a_deploy_whose_execution_is_printed_as_a_symbol() =>
        IonDevAnswer
            .Read(
                "{:execution-arn "
                    + "arn:aws:states:us-east-1:111111111111:execution:datomic-inventory-dev:inventory-dev-abc-1655074599874, :doc nil}"
            )
            .ShouldNotBeNull()
            .ExecutionArn.ShouldBe("arn:aws:states:us-east-1:111111111111:execution:datomic-inventory-dev:inventory-dev-abc-1655074599874");

    [Fact]
    public void Reads_both_statuses()
    {
        var answer = IonDevAnswer.Read("{:deploy-status \"RUNNING\", :code-deploy-status \"SUCCEEDED\"}\n").ShouldNotBeNull();

        (answer.DeployStatus, answer.CodeDeployStatus).ShouldBe(("RUNNING", "SUCCEEDED"));
    }

    [Fact]
    public void Reads_a_failure_with_its_causes()
    {
        var answer = IonDevAnswer
            .Read(
                """
                {:command-failed "{:op :push}",
                 :causes
                 ({:message "You must either specify a uname or deploy from clean git commit",
                   :class IllegalArgumentException}
                  "second"
                  nil)}
                """
            )
            .ShouldNotBeNull();

        answer.CommandFailed.ShouldBe("{:op :push}");
        answer.Causes.ShouldBe(["You must either specify a uname or deploy from clean git commit", "second", "nil"]);
    }

    [Theory]
    [InlineData("{:rev \"first\"}\n{:rev \"last\"}")]
    [InlineData("  {:rev \"last\"} ; done")]
    [InlineData("{:rev \"a\"} trailing\r\n{:rev \"last\"}\r\n")]
    [InlineData("{\n{:rev \"last\"}")]
    public void The_last_map_counts(string output) => IonDevAnswer.Read(output).ShouldNotBeNull().Rev.ShouldBe("last");

    [Theory]
    [InlineData("")]
    [InlineData("Execution error (ExceptionInfo) at datomic.ion.dev")]
    [InlineData("{:rev \"a\"} and more")]
    [InlineData("{:rev \"a\"")]
    [InlineData("[{:rev \"a\"}]")]
    public void Output_without_a_map_at_its_end_is_no_answer(string output) => IonDevAnswer.Read(output).ShouldBeNull();

    [Theory]
    [InlineData("{\n")]
    [InlineData("{}\n)\n")]
    [InlineData("{\"\n")]
    [InlineData(" {")]
    [InlineData("{;\n")]
    public void Hostile_output_is_given_up_soon(string line) =>
        IonDevAnswer.Read(string.Concat(Enumerable.Repeat(line, 200_000)) + ")").ShouldBeNull();
}
