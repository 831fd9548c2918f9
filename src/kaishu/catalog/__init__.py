"""What is published: the portal, its departments and its datasets, read strictly."""
