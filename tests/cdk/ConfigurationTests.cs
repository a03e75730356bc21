namespace Deployer.Cdk.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-cdk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_configuration_of_the_example_is_as_expected()
    {
        var configuration = Configuration.Read(Path.Combine(Repository.Root, "cdk", "deployer.json"));

        configuration.Stages.Select(stage => stage.PromotesFrom).ShouldBe([null, "dev", "stage"]);
        configuration.Functions.ShouldBe(Path.Combine(Repository.Root, "artifacts/native/deployer-functions"));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "is empty")]
    [InlineData("{}", "tools")]
    [InlineData(
        """{"tools":{"account":"222222222222","region":"us-east-1"},"functions":"f","stages":[],"services":[]}""",
        "expected distinct stage names"
    )]
    public void What_is_no_configuration_is_refused_with_the_file(string text, string expected) => Refused(text).ShouldContain(expected);

    [Theory]
    [InlineData(
        "\"promotesFrom\": \"dev\"",
        "\"promotesFrom\": \"dve\"",
        "stage stage promotes from dve, which is not one of the stages dev, stage, prod"
    )]
    [InlineData("\"promotesFrom\": \"dev\"", "\"promotes\": \"dev\"", "promotes")]
    [InlineData("\"name\": \"stage\"", "\"name\": \"dev\"", "expected distinct stage names")]
    [InlineData("\"regions\": [\"us-east-1\"] }", "\"regions\": [] }", "stage dev has no region; expected at least one")]
    [InlineData(
        "{ \"stage\": \"prod\"",
        "{ \"stage\": \"production\"",
        "target production of inventory is not one of the stages dev, stage, prod"
    )]
    [InlineData(
        "{ \"stage\": \"prod\"",
        "{ \"region\": \"eu-west-1\", \"stage\": \"prod\"",
        "region eu-west-1 of target prod of inventory is not one of the stage's: us-east-1"
    )]
    [InlineData(
        "\"targets\": [",
        "\"targets\": [ { \"stage\": \"dev\", \"system\": \"d\" },",
        "service inventory has 4 targets; expected 1 to 3"
    )]
    [InlineData(
        "{ \"stage\": \"prod\"",
        "{ \"stage\": \"dev\"",
        "service inventory has a target twice; expected each once, a second region of a stage by a name of its own"
    )]
    [InlineData(
        "{ \"stage\": \"prod\"",
        "{ \"name\": \"dev-eu\", \"stage\": \"dev\"",
        "service inventory has two targets in one region of a stage; expected each region once"
    )]
    [InlineData(
        "{ \"stage\": \"prod\"",
        "{ \"name\": \"production\", \"stage\": \"prod\"",
        "target production of inventory does not begin with its stage; expected prod-NAME"
    )]
    public void A_mistake_is_refused_by_what_it_is(string right, string wrong, string expected)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "cdk", "deployer.json"));
        text.ShouldContain(right);

        Refused(text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);
    }

    [Fact]
    public void A_file_that_there_is_not_is_named()
    {
        var path = Path.Combine(_folder, "nothing.json");

        Should.Throw<ConfigurationException>(() => Configuration.Read(path)).Message.ShouldContain(path);
    }

    private string Refused(string text)
    {
        var path = Path.Combine(_folder, "deployer.json");
        File.WriteAllText(path, text);
        var message = Should.Throw<ConfigurationException>(() => Configuration.Read(path)).Message;
        message.ShouldStartWith(path);
        return message;
    }
}
