using Amazon.Lambda.Core;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using NSubstitute;

namespace Deployer.Functions.Tests.Deployments;

public sealed class DeploymentHandlersTests
{
    private readonly DeploymentHandlers _handlers = new(null!, null!, null!, null!, null!, null!, null!, null!, null!, null!);

    [Fact]
    public async Task A_payload_without_what_a_function_needs_is_refused_by_its_name()
    {
        var context = Substitute.For<ILambdaContext>();
        var begin = await Should.ThrowAsync<PayloadInvalidException>(() => _handlers.Begin(Read<BeginInput>("{}"), context));
        var settle = await Should.ThrowAsync<PayloadInvalidException>(() => _handlers.Settle(Read<ExecutionStatusEvent>("{}"), context));

        begin.Message.ShouldContain("'request'");
        settle.Message.ShouldContain("'detail.executionArn'");
    }

    private static T Read<T>(string json) =>
        new PayloadSerializer().Deserialize<T>(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)));
}
