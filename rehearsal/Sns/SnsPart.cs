using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Sns;

/// <summary>SNS, whose topics CloudFormation records.</summary>
internal sealed class SnsPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services.AddService<SnsService>();
}
